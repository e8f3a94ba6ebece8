import { Tabs } from '@mantine/core';
import {
  IconChartBar,
  IconHistory,
  IconKey,
  IconLock,
  IconRoute,
  IconSettings,
  type Icon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from '../../session/session';
import { AuditSection } from './audit-section';
import { CodeFlowSection } from './code-flow-section';
import { CredentialsSection } from './credentials-section';
import { SettingsSection } from './settings-section';
import { TokensSection } from './tokens-section';
import { UsageSection } from './usage-section';
import type { Application, Rights } from './use-application';
import classes from './application.module.css';

interface Section {
  value: string;
  label: string;
  icon: Icon;
  /** Who lacks it does not see the section. */
  scope: string;
  content: ComponentType<{ application: Application; rights: Rights }>;
}

const SECTIONS: readonly Section[] = [
  {
    value: 'settings',
    label: 'Settings',
    icon: IconSettings,
    scope: 'clients:read',
    content: SettingsSection,
  },
  {
    value: 'credentials',
    label: 'Credentials',
    icon: IconLock,
    scope: 'clients:read',
    content: CredentialsSection,
  },
  { value: 'tokens', label: 'Access tokens', icon: IconKey, scope: 'tokens:read', content: TokensSection },
  { value: 'usage', label: 'Usage', icon: IconChartBar, scope: 'tokens:read', content: UsageSection },
  {
    value: 'code-flow',
    label: 'Code flow',
    icon: IconRoute,
    scope: 'clients:read',
    content: CodeFlowSection,
  },
  { value: 'audit', label: 'Audit trail', icon: IconHistory, scope: 'audit:read', content: AuditSection },
];

/** Which one is open stands in the page's address. */
export function ApplicationTabs(props: { application: Application; rights: Rights }) {
  const { can } = useSession();
  const [parameters, setParameters] = useSearchParams();
  const sections = SECTIONS.filter(({ scope }) => can(scope));
  const open = sections.find(({ value }) => value === parameters.get('tab'))?.value ?? 'settings';
  return (
    <Tabs
      value={open}
      // What one section's list shows is nothing to another's.
      onChange={(value) => setParameters(value === 'settings' || value === null ? {} : { tab: value })}
      keepMounted={false}
      // What is typed, and the question before it is lost, outlast a look at another section.
      keepMountedMode="display-none"
      activateTabWithKeyboard={false}
    >
      <Tabs.List className={classes.tabs} mb="lg">
        {sections.map(({ value, label, icon: SectionIcon }) => (
          <Tabs.Tab
            key={value}
            value={value}
            leftSection={<SectionIcon size={16} stroke={1.6} aria-hidden />}
          >
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {sections.map(({ value, content: Content }) => (
        <Tabs.Panel key={value} value={value} keepMounted={value === 'settings'}>
          <Content {...props} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
