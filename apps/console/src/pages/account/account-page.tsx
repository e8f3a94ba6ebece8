import { PageHeader } from '../../ui/page-header';

export default function AccountPage() {
  return <PageHeader title="My account" />;
}
