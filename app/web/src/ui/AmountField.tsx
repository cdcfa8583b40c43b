import type { ReactNode } from 'react';
import { toDecimal } from '../format/index.js';
import { Amount } from './Amount.js';
import { Button } from './Button.js';
import { Field } from './Field.js';

export interface AmountFieldProps {
  /** `Amount` unless told. */
  label?: string;
  /** What was typed. */
  value: string;
  onValueChange: (value: string) => void;
  unit: string;
  /** What the wallet holds, base units; `undefined` where it is not known. */
  balance?: bigint | undefined;
  /** What the Max button fills in, base units; `balance` unless told. */
  max?: bigint | undefined;
  error?: string | undefined;
  hint?: ReactNode;
  disabled?: boolean;
}

/** An amount without needless zeros, as it is typed. */
export function typedAmount(amount: bigint): string {
  return toDecimal(amount).replace(/\.?0+$/, '');
}

/** A field for an amount with its unit, the balance, and a button for everything. */
export function AmountField(props: AmountFieldProps) {
  const { label = 'Amount', value, onValueChange, unit, balance, error, hint, disabled } = props;
  const max = props.max ?? balance;
  return (
    <Field
      label={label}
      value={value}
      onValueChange={(text) => onValueChange(text.trim())}
      inputMode="decimal"
      enterKeyHint="done"
      placeholder="0.0"
      isLarge
      disabled={disabled}
      error={error}
      hint={hint}
      aside={
        <span>Balance {balance === undefined ? '–' : <Amount value={balance} unit={unit} />}</span>
      }
      suffix={
        <>
          {unit}
          <Button
            size="small"
            kind="secondary"
            disabled={disabled === true || max === undefined || max <= 0n}
            onClick={() => onValueChange(typedAmount(max ?? 0n))}
          >
            Max
          </Button>
        </>
      }
    />
  );
}
