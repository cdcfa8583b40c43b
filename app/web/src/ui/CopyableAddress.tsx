import { shortAddress } from '../format/index.js';
import { CopyButton } from './CopyButton.js';
import { useExplorer, type ExplorerSubject } from './explorer.js';
import { OutIcon } from './icons/index.js';
import styles from './CopyableAddress.module.css';

export interface CopyableAddressProps {
  address: string;
  /** What it is, for screen readers: `pool`. */
  label: string;
  /** Characters at each end; 4 unless told. */
  ends?: number;
  subject?: ExplorerSubject;
}

/** An address by its ends with a link to the explorer and a button that copies all of it. */
export function CopyableAddress(props: CopyableAddressProps) {
  const { address, label, ends = 4, subject = 'address' } = props;
  const explorer = useExplorer();
  return (
    <span className={styles.address}>
      <a
        href={explorer(subject, address)}
        target="_blank"
        rel="noreferrer noopener"
        title={address}
        className={styles.link}
      >
        <code>{shortAddress(address, ends)}</code>
        <OutIcon />
        <span className="visually-hidden"> {label}, in the explorer (opens a new tab)</span>
      </a>
      <CopyButton text={address} label={`Copy ${label}: ${shortAddress(address, ends)}`} />
    </span>
  );
}
