import { ChangeFeed } from './change-feed.js';

/** For a short visit to a database: it listens to nothing, so nothing is remembered. Those who serve hear of what it changes. */
export class DeafChangeFeed extends ChangeFeed {
  readonly isLive = false;

  async settle(): Promise<void> {}
}
