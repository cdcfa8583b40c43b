import { useEffect, useState } from 'react';
import { Button } from './Button.js';
import { CheckIcon, CopyIcon } from './icons/index.js';

/** How long the button says that it worked, milliseconds. */
const SAID = 1_500;

export interface CopyButtonProps {
  text: string;
  /** Name of the button: `Copy the pool's address`. */
  label: string;
}

/** Copies a text and says so. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SAID);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <>
      <Button
        kind="quiet"
        size="small"
        aria-label={label}
        title={label}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setIsCopied(true))}
        icon={isCopied ? <CheckIcon /> : <CopyIcon />}
      />
      <span className="visually-hidden" role="status">
        {isCopied ? 'Copied' : ''}
      </span>
    </>
  );
}
