import { PageHeader } from '../../ui/page-header';

export default function OverviewPage() {
  return <PageHeader title="Overview" />;
}
