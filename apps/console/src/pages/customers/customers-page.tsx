import { PageHeader } from '../../ui/page-header';

export default function CustomersPage() {
  return <PageHeader title="Customers" />;
}
