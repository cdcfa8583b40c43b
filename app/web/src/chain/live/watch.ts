/** First wait before a subscription is opened again, milliseconds; doubles up to the longest. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** A subscription that is kept open. */
export interface Watch<Notification> {
  /** Opens it; rejects where it cannot be opened. */
  open: (signal: AbortSignal) => Promise<AsyncIterable<Notification>>;
  onNotification: (notification: Notification) => void;
  /** It is open again after it was not: something may have been missed. */
  onReopen: () => void;
  signal: AbortSignal;
  /** For tests. */
  sleep?: (milliseconds: number) => Promise<void>;
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Keeps a subscription open until `signal`; after a failure it waits longer each time. */
export async function keepWatching<Notification>(watch: Watch<Notification>): Promise<void> {
  const { open, onNotification, onReopen, signal, sleep = pause } = watch;
  let wait = FIRST_WAIT;
  let isReopened = false;
  while (!signal.aborted) {
    try {
      const notifications = await open(signal);
      if (isReopened) onReopen();
      for await (const notification of notifications) {
        wait = FIRST_WAIT;
        onNotification(notification);
      }
    } catch {
      // The server is away, or knows no such subscription: polling goes on meanwhile.
    }
    if (signal.aborted) return;
    await sleep(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
    isReopened = true;
  }
}
