import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { isUnreachable } from '../api/problem';
import { SessionProvider } from '../session/session';
import { SignInGate } from '../session/sign-in-gate';
import { AppRoutes } from './routes';
import { readableColors, theme } from './theme';

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

/** Made once somebody is signed in: until then, the address is that of the sign-in. */
let router: ReturnType<typeof createBrowserRouter> | undefined;

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={readableColors} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <SignInGate>
          <SessionProvider>
            <Pages />
          </SessionProvider>
        </SignInGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** A data router, as it alone can keep somebody from leaving what is not saved. */
function Pages() {
  router ??= createBrowserRouter([{ path: '*', element: <WithWindows /> }], { basename: '/console' });
  return <RouterProvider router={router} />;
}

function WithWindows() {
  return (
    <ModalsProvider labels={{ confirm: 'Confirm', cancel: 'Cancel' }}>
      <AppRoutes />
    </ModalsProvider>
  );
}
