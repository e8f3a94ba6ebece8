import { PageHeader } from '../../ui/page-header';

export default function ApplicationsPage() {
  return <PageHeader title="API applications" />;
}
