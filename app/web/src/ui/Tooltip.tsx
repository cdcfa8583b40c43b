import { useState, type ReactNode } from 'react';
import * as Radix from 'radix-ui/tooltip';
import { classes } from './classes.js';
import { InfoIcon } from './icons/index.js';
import styles from './Tooltip.module.css';

export interface TooltipProps {
  /** What is shown on hover, focus and tap. */
  content: ReactNode;
  /** Name of the button where `children` are an icon: `About APY`. */
  label: string;
  /** The trigger is text in the flow, without a button's look. */
  isText?: boolean;
  /** The trigger; an info icon unless told. */
  children?: ReactNode;
}

/**
 * A hint on hover, keyboard focus and tap. Radix closes a tooltip on press, which on a touch screen
 * is the only way to open one, so presses open it here.
 */
export function Tooltip({ content, label, isText = false, children }: TooltipProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Radix.Provider delayDuration={150}>
      <Radix.Root open={isOpen} onOpenChange={setIsOpen}>
        <Radix.Trigger
          type="button"
          className={classes(styles.trigger, isText && styles.text)}
          aria-label={isText ? undefined : label}
          onPointerDown={(event) => event.preventDefault()}
          onClick={(event) => {
            event.preventDefault();
            setIsOpen(true);
          }}
        >
          {children ?? <InfoIcon />}
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className={styles.content} sideOffset={6} collisionPadding={12}>
            {content}
            <Radix.Arrow className={styles.arrow} />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
