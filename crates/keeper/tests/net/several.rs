//! Two keepers of one pool.

use std::time::Duration;

use crate::scene::{PATIENCE, Scene, count, sent, undisturbed};

/// They race at every turn. The pool ends as with one, and of what both send at most half is for
/// nothing: a second sync finds its validators booked, a second anything else is refused.
#[tokio::test]
async fn two_keepers_race_to_the_same_end() {
    let (expected, least) = undisturbed(5).await;
    let scene = Scene::new(5).await;
    let (mut one, tools_of_one, stop_one) = scene.keeper(scene.client()).await;
    let (mut other, tools_of_other, stop_other) = scene.keeper(scene.client()).await;
    let tasks = [
        tokio::spawn(async move { one.run().await }),
        tokio::spawn(async move { other.run().await }),
    ];
    let ended = scene.live(async |scene: &Scene| scene.until_kept().await).await;
    ended.assert_like(&expected);
    for stop in [stop_one, stop_other] {
        stop.send(true).unwrap();
    }
    for task in tasks {
        tokio::time::timeout(PATIENCE, task).await.unwrap().unwrap();
    }
    let sent = sent(&tools_of_one) + sent(&tools_of_other);
    assert!(sent <= 2 * least, "{sent} transactions of both, {least} of one alone");
    let failed = count(&tools_of_one, "failed") + count(&tools_of_other, "failed");
    assert!(failed <= least, "{failed} failed on chain");
}

/// With a delay of their own, one of them finds the work done.
#[tokio::test]
async fn a_random_delay_saves_what_the_other_would_pay() {
    let scene = Scene::new(3).await;
    scene.net.advance_epoch().await.unwrap();
    let (mut one, tools_of_one, _stop) = scene.keeper(scene.client()).await;
    one.run_once().await;
    scene.until_kept().await;
    let (mut late, tools_of_late, _stop) = scene.keeper(scene.client()).await;
    tokio::time::timeout(Duration::from_secs(20), late.run_once()).await.unwrap();
    assert!(sent(&tools_of_one) > 0);
    assert_eq!(sent(&tools_of_late), 0);
}
