import { useSyncExternalStore } from 'react';
import { stepUpStore } from './step-up';

/** Whether the window that asks for a second factor is open, above whatever else is. */
export function useStepUpAsked(): boolean {
  return useSyncExternalStore(stepUpStore.subscribe, stepUpStore.isAsked);
}
