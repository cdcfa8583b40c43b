import type { Page } from '@playwright/test';

/** A moment in which something on the page jumped. */
export interface Shift {
  /** How much, as browsers count it. */
  readonly value: number;
  /** What, and from where to where. */
  readonly where: readonly string[];
}

declare global {
  interface Window {
    thawShifts?: Shift[];
  }
  /** Not in TypeScript's library yet. */
  interface LayoutShift extends PerformanceEntry {
    readonly value: number;
    readonly hadRecentInput: boolean;
    readonly sources: readonly {
      readonly node: Node | null;
      readonly previousRect: DOMRectReadOnly;
      readonly currentRect: DOMRectReadOnly;
    }[];
  }
}

/** Has every page write down what jumps while it loads. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: Shift[] = [];
    window.thawShifts = shifts;
    const words = ({ x, y, width, height }: DOMRectReadOnly): string =>
      [x, y, width, height].map(Math.round).join(' ');
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        // What follows a press of the user's may move.
        if (entry.hadRecentInput) continue;
        const where = entry.sources.map(({ node, previousRect, currentRect }) => {
          const element = node instanceof Element ? node : node?.parentElement;
          const html = (element?.outerHTML ?? 'gone').slice(0, 120);
          return `${html}: ${words(previousRect)} -> ${words(currentRect)}`;
        });
        shifts.push({ value: entry.value, where });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** What jumped so far. */
export async function shiftsOf(page: Page): Promise<readonly Shift[]> {
  return page.evaluate(() => window.thawShifts ?? []);
}
