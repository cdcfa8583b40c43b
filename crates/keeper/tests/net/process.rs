//! The keeper as a process: killed in the middle, asked to stop, watched.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use solana_keypair::write_keypair_file;

use crate::scene::{PATIENCE, Scene, undisturbed};

/// A key file and, if asked for, a config file, gone with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub async fn new(scene: &Scene) -> Self {
        let name = format!("thaw-keeper-{}", scene.pool.pool);
        let folder = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).unwrap();
        write_keypair_file(&scene.payer().await, folder.0.join("key.json")).unwrap();
        folder
    }

    pub fn keeper(&self, scene: &Scene) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thaw-keeper"));
        command.env_remove("RUST_LOG");
        let key = self.0.join("key.json");
        command.env("THAW_RPC_URL", scene.net.rpc_url()).args(["--interval", "50ms"]);
        command.args(["--pool", &scene.pool.mint.to_string()]).arg("--keypair").arg(key);
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process that does not outlive its test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn killed_at_any_point_it_is_taken_up_by_the_next() {
    let (expected, _) = undisturbed(5).await;
    let scene = Scene::new(5).await;
    let folder = Folder::new(&scene).await;
    let ended = scene
        .live(async |scene: &Scene| {
            // SIGKILL, each time somewhere else.
            for life_ms in [60, 110, 170, 240] {
                let _killed = Running(folder.keeper(scene).spawn().unwrap());
                tokio::time::sleep(Duration::from_millis(life_ms)).await;
            }
            let _last = Running(folder.keeper(scene).spawn().unwrap());
            scene.until_kept().await;
        })
        .await;
    ended.assert_like(&expected);
}

#[tokio::test]
async fn once_ends_with_0_when_all_is_done_and_1_when_it_cannot() {
    let scene = Scene::new(1).await;
    let folder = Folder::new(&scene).await;
    scene.net.advance_epoch().await.unwrap();
    let planned = folder.keeper(&scene).args(["--once", "--dry-run"]).output().unwrap();
    let told = String::from_utf8(planned.stderr).unwrap();
    assert!(planned.status.success() && told.contains("would fold epoch"), "{told}");
    let before = scene.snapshot().await.pool.epoch;
    assert!(folder.keeper(&scene).arg("--once").status().unwrap().success());
    assert_eq!(scene.snapshot().await.pool.epoch, before + 1);

    let nowhere =
        folder.keeper(&scene).args(["--once", "--rpc-url", "http://127.0.0.1:1"]).output();
    let nowhere = nowhere.unwrap();
    let told = String::from_utf8(nowhere.stderr).unwrap();
    assert!(nowhere.status.code() == Some(1) && told.contains("cannot find the pool"), "{told}");
}

#[tokio::test]
async fn a_file_a_term_signal_logs_in_json_and_the_pages() {
    let scene = Scene::new(1).await;
    let folder = Folder::new(&scene).await;
    let config = folder.0.join("keeper.toml");
    let mint = scene.pool.mint;
    let (key, url) = (folder.0.join("key.json"), scene.net.rpc_url());
    let text = format!(
        "rpc-url = \"{url}\"\nkeypair = \"{}\"\npool = [\"{mint}\"]\ninterval = \"50ms\"\n\
         metrics-addr = \"127.0.0.1:0\"\nlog-format = \"json\"\npriority-fee-percentile = 75\n",
        key.display()
    );
    fs::write(&config, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_thaw-keeper"));
    command.env_remove("RUST_LOG").arg("--config").arg(&config).stderr(Stdio::piped());
    let mut process = Running(command.spawn().unwrap());
    let mut lines = BufReader::new(process.0.stderr.take().unwrap()).lines();
    let address = loop {
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        if let Some(url) =
            line["message"].as_str().and_then(|text| text.strip_prefix("metrics at "))
        {
            break url.strip_suffix("/metrics").unwrap().to_owned();
        }
    };
    // The rest of the log must go somewhere.
    let rest = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());

    scene.net.advance_epoch().await.unwrap();
    scene.until_kept().await;
    let page = async |path: &str| {
        let answer = reqwest::get(format!("{address}{path}")).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(page("/healthz").await, (200, "ok\n".into()));
    let began = Instant::now();
    while page("/readyz").await.0 != 200 {
        assert!(began.elapsed() < PATIENCE, "{:?}", page("/readyz").await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(page("/readyz").await.1, r#"{"ready":true,"troubles":[]}"#);
    let pool = scene.pool.pool;
    let landed = "thaw_keeper_transactions_total{result=\"landed\"}";
    let lag = format!("thaw_pool{{figure=\"lag_epochs\",pool=\"{pool}\"}} 0");
    // The figures are those of the last snapshot.
    let metrics = loop {
        let (status, metrics) = page("/metrics").await;
        assert_eq!(status, 200);
        if metrics.contains(landed) && metrics.contains(&lag) {
            break metrics;
        }
        assert!(began.elapsed() < PATIENCE, "{metrics}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_metrics_are_documented(&metrics);

    let id = process.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let began = Instant::now();
    let status = loop {
        if let Some(status) = process.0.try_wait().unwrap() {
            break status;
        }
        assert!(began.elapsed() < PATIENCE, "it does not stop");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(status.success(), "{status}");
    assert!(rest.join().unwrap().last().unwrap().contains("the keeper has stopped"));
}

/// Each figure is in the table of docs/keeper.md, and the table has no other.
fn assert_metrics_are_documented(metrics: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/keeper.md");
    let page = fs::read_to_string(path).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `thaw_"));
    let told: std::collections::BTreeSet<String> =
        rows.map(|row| format!("thaw_{}", row.split(['`', '{']).next().unwrap())).collect();
    let kinds = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let shown: std::collections::BTreeSet<String> =
        kinds.map(|line| line.split(' ').next().unwrap().into()).collect();
    // What has not happened yet has no line: the page may tell of more, never of less.
    assert!(shown.is_subset(&told), "not in the table: {:?}", shown.difference(&told));
    assert!(shown.len() + 2 >= told.len(), "only in the table: {:?}", told.difference(&shown));
}

#[test]
fn bad_options_are_told_in_words() {
    let keeper = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thaw-keeper"));
        let done = command.args(args).env_remove("THAW_POOL").output().unwrap();
        assert!(!done.status.success(), "{args:?}");
        String::from_utf8(done.stderr).unwrap()
    };
    let mint = "So11111111111111111111111111111111111111112";
    let pool = ["--pool", mint, "--keypair", "/nowhere.json"];
    for (more, words) in [
        (vec![], "cannot read the key file /nowhere.json"),
        (vec!["--interval", "1ms"], "must be 50ms to 60m"),
        (vec!["--interval", "soon"], "`soon`"),
        (vec!["--priority-fee-percentile", "101"], "must be 0 to 100, not 101"),
        (vec!["--priority-fee-min", "9", "--priority-fee-max", "8"], "9 is above"),
        (vec!["--config", "/nowhere.toml"], "cannot read /nowhere.toml"),
        (vec!["--pool", "mint"], "invalid value 'mint'"),
        (vec!["--metrics-addr", "here"], "invalid value 'here'"),
    ] {
        let told = keeper(&[&pool[..], &more].concat());
        assert!(told.contains(words), "{more:?}: {told}");
    }
    assert!(keeper(&["--keypair", "/nowhere.json"]).contains("no pool: give --pool"));
    assert!(keeper(&["--pool", mint]).contains("no key: give --keypair"));
}
