import { Component, type ReactNode } from 'react';

interface State {
  readonly error?: Error;
}

/** Says that the page broke instead of showing nothing. React knows no other way than a class. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = {};

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main className="page">
        <h1>This page broke</h1>
        <div className="notice bad" role="alert">
          <p>This is a defect of the portal; deals and money are not touched by it. {error.message}</p>
          <button type="button" onClick={() => window.location.reload()}>
            Load it again
          </button>
        </div>
      </main>
    );
  }
}
