import type { ReactNode } from 'react';
import * as Radix from 'radix-ui/tabs';
import styles from './Tabs.module.css';

export interface Tab {
  value: string;
  label: ReactNode;
  content: ReactNode;
}

export interface TabsProps {
  /** Name of the row of tabs. */
  label: string;
  tabs: readonly Tab[];
  /** The chosen tab, where the parent keeps it; else the first one to begin with. */
  value?: string;
  onValueChange?: (value: string) => void;
}

/** Tabs with arrow keys; only the chosen one is mounted. */
export function Tabs({ label, tabs, value, onValueChange }: TabsProps) {
  const state =
    value === undefined
      ? { defaultValue: tabs[0]?.value ?? '' }
      : { value, ...(onValueChange && { onValueChange }) };
  return (
    <Radix.Root {...state}>
      <Radix.List className={styles.list} aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className={styles.tab}>
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className={styles.content}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
