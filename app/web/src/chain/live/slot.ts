/** The newest slot that a server told of; `null` until one did. Read once a second, by `useNow`. */
let newest: bigint | null = null;

/** The newest slot known. */
export const newestSlot = (): bigint | null => newest;

/** Takes note of a slot; `null` forgets it, for when the server changes. */
export function noteSlot(slot: bigint | null): void {
  newest = slot;
}
