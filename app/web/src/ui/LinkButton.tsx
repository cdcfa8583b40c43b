import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { buttonClasses, type ButtonLook } from './Button.js';

export interface LinkButtonProps extends ButtonLook {
  /** A route, such as `/stake`. */
  to: string;
  icon?: ReactNode;
  children: ReactNode;
}

/** A link to another page of the app that looks like a button. */
export function LinkButton({ to, icon, children, ...look }: LinkButtonProps) {
  return (
    <Link to={to} className={buttonClasses(look)}>
      {icon}
      {children}
    </Link>
  );
}
