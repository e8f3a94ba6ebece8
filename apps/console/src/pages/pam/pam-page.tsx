import { PageHeader } from '../../ui/page-header';

export default function PamPage() {
  return <PageHeader title="PAM data" />;
}
