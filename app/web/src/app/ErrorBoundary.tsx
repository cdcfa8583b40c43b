import { Component, type ReactNode } from 'react';
import { readPending } from '../chain/index.js';
import { Button, Notice } from '../ui/index.js';

interface State {
  error: Error | null;
}

/** Catches what breaks while drawing: also code that cannot be loaded after a new release. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Notice
        kind="error"
        title="This page broke"
        actions={<Button onClick={() => location.reload()}>Load it again</Button>}
      >
        {readPending()
          ? 'A transaction of yours is under way; once loaded again, the page tells how it ends.'
          : 'Nothing happened to your SOL.'}{' '}
        The error says: {error.message}
      </Notice>
    );
  }
}
