import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Button } from './Button.js';
import { CloseIcon } from './icons/index.js';
import styles from './Dialog.module.css';

export interface DialogProps {
  isOpen: boolean;
  /** Escape, the close button, a press beside the dialog. */
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at the bottom. */
  actions?: ReactNode;
}

/**
 * A modal dialog: the browser's own, so focus stays inside and comes back, and Escape works.
 * Its content is mounted while it is open.
 */
export function Dialog({ isOpen, onClose, title, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  const id = useId();
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const dialog = ref.current;
    if (!isOpen || !dialog) return;
    const back = document.activeElement;
    dialog.showModal();
    const onCancel = (event: Event) => {
      event.preventDefault();
      close.current();
    };
    const onPress = (event: MouseEvent) => {
      if (event.target === dialog) close.current();
    };
    dialog.addEventListener('cancel', onCancel);
    dialog.addEventListener('mousedown', onPress);
    return () => {
      dialog.removeEventListener('cancel', onCancel);
      dialog.removeEventListener('mousedown', onPress);
      dialog.close();
      // The browser gives focus back only when the dialog itself is what closes.
      if (back instanceof HTMLElement && back.isConnected) back.focus();
    };
  }, [isOpen]);
  return (
    <dialog ref={ref} className={styles.dialog} aria-labelledby={id}>
      {isOpen && (
        <div className={styles.inner}>
          <header className={styles.head}>
            <h2 id={id} className={styles.title}>
              {title}
            </h2>
            <Button kind="quiet" size="small" aria-label="Close" onClick={onClose}>
              <CloseIcon />
            </Button>
          </header>
          <div className={styles.body}>{children}</div>
          {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
        </div>
      )}
    </dialog>
  );
}
