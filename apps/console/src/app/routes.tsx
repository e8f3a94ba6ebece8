import { lazy, Suspense, type ComponentType } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { useSession } from '../session/session';
import { LoadingPage } from '../ui/states';
import { NAVIGATION } from './pages';
import { ErrorBoundary } from './error-boundary';
import { NotFoundPage } from './not-found';
import { Shell } from './shell';

const Overview = lazy(() => import('../pages/overview/overview-page'));
const Applications = lazy(() => import('../pages/applications/applications-page'));
const Application = lazy(() => import('../pages/application/application-page'));
const Tokens = lazy(() => import('../pages/tokens/tokens-page'));
const Audit = lazy(() => import('../pages/audit/audit-page'));
const Pam = lazy(() => import('../pages/pam/pam-page'));
const Scopes = lazy(() => import('../pages/scopes/scopes-page'));
const Operators = lazy(() => import('../pages/operators/operators-page'));
const Customers = lazy(() => import('../pages/customers/customers-page'));
const Account = lazy(() => import('../pages/account/account-page'));

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Allowed path="/" page={Overview} />} />
        <Route path="applications" element={<Allowed path="/applications" page={Applications} />} />
        <Route path="applications/:clientId" element={<Allowed path="/applications" page={Application} />} />
        <Route path="tokens" element={<Allowed path="/tokens" page={Tokens} />} />
        <Route path="audit" element={<Allowed path="/audit" page={Audit} />} />
        <Route path="pam/:name?" element={<Allowed path="/pam" page={Pam} />} />
        <Route path="scopes" element={<Allowed path="/scopes" page={Scopes} />} />
        <Route path="operators" element={<Allowed path="/operators" page={Operators} />} />
        <Route path="customers" element={<Allowed path="/customers" page={Customers} />} />
        <Route path="account" element={<Loaded page={Account} />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}

/** A page of the navigation, for whoever may see it; a user without any scope is led to his account. */
function Allowed({ path, page }: { path: string; page: ComponentType }) {
  const { can } = useSession();
  const { scopes } = NAVIGATION.find((one) => one.path === path)!;
  if (scopes.some(can)) return <Loaded page={page} />;
  return path === '/' ? <Loaded page={Account} /> : <NotFoundPage />;
}

function Loaded({ page: Page }: { page: ComponentType }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary path={pathname}>
      <Suspense fallback={<LoadingPage />}>
        <Page />
      </Suspense>
    </ErrorBoundary>
  );
}
