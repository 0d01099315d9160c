/** Keeps a fault in one part of the page from taking the rest with it: says what happened, offers to try again. */
import { Component, type ReactNode } from 'react';
import styles from './parts.module.css';

interface GuardProps {
  /** What the part is called in the message. */
  part: string;
  children: ReactNode;
}

export class Guard extends Component<GuardProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className={styles.fault} role="alert">
        <p>
          {this.props.part} could not be drawn: {error.message} The rest of the page goes on.
        </p>
        <button type="button" onClick={() => this.setState({ error: null })}>
          Try again
        </button>
      </div>
    );
  }
}
