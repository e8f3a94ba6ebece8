import { PageHeader } from '../../ui/page-header';

export default function ApplicationPage() {
  return <PageHeader title="Application" />;
}
