import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { isUnreachable } from '../api/problem';
import { SessionProvider } from '../session/session';
import { SignInGate } from '../session/sign-in-gate';
import { AppRoutes } from './routes';
import { theme } from './theme';

const RETRIES = 3;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What a server that is down does not answer is asked again; what it refuses is not.
      retry: (failures, error) => isUnreachable(error) && failures < RETRIES,
      staleTime: 5_000,
    },
    mutations: { retry: false },
  },
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <SignInGate>
          <SessionProvider>
            <BrowserRouter basename="/console">
              <ModalsProvider labels={{ confirm: 'Confirm', cancel: 'Cancel' }}>
                <AppRoutes />
              </ModalsProvider>
            </BrowserRouter>
          </SessionProvider>
        </SignInGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
