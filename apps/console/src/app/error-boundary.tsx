import { Component, type ReactNode } from 'react';
import { ErrorState } from '../ui/states';

interface Props {
  /** Where the fault is: somewhere else, it is forgotten. */
  path: string;
  children: ReactNode;
}

interface State {
  path?: string;
  fault?: { error: unknown };
}

/** What a page throws is shown in its place; the navigation stays. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { fault: { error } };
  }

  static getDerivedStateFromProps({ path }: Props, before: State): State | null {
    return path === before.path ? null : { path, fault: undefined };
  }

  override render() {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    return <ErrorState error={fault.error} retry={() => location.reload()} />;
  }
}
