import { PageHeader } from '../../ui/page-header';

export default function TokensPage() {
  return <PageHeader title="Tokens" />;
}
