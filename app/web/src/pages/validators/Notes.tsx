import { Tooltip, WarnIcon } from '../../ui/index.js';
import styles from './Notes.module.css';

export interface NotesProps {
  notes: readonly string[];
  /** All of the text, instead of behind a button. */
  isOpen?: boolean;
}

/** Rules that a validator breaks, in words. */
export function Notes({ notes, isOpen = false }: NotesProps) {
  if (notes.length === 0) return null;
  const text = notes.map((note) => <p key={note}>{note}</p>);
  if (isOpen) return <div className={styles.text}>{text}</div>;
  return (
    <Tooltip label="What is wrong" content={text}>
      <WarnIcon className={styles.icon} />
    </Tooltip>
  );
}
