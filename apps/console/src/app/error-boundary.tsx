import { Component, type ReactNode } from 'react';
import { ErrorState } from '../ui/states';

/** What a page throws is shown in its place; the navigation stays. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <ErrorState error={error} retry={() => location.reload()} />;
  }
}
