import { PageHeader } from '../../ui/page-header';

export default function ScopesPage() {
  return <PageHeader title="Scopes" />;
}
