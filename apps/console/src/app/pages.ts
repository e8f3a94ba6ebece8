import {
  IconApps,
  IconBuilding,
  IconDatabase,
  IconKey,
  IconLayoutDashboard,
  IconListSearch,
  IconShieldCheck,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';

export interface NavigationPage {
  path: string;
  label: string;
  /** What one finds there, for the search. */
  description: string;
  icon: Icon;
  /** Who has none of these scopes does not see it. */
  scopes: readonly string[];
}

export const PAM_NAMES = [
  'users',
  'user-groups',
  'devices',
  'device-groups',
  'accounts',
  'profiles',
  'tasks',
  'sessions',
  'approvals',
] as const;

/** The pages of the navigation, in its order. */
export const NAVIGATION: readonly NavigationPage[] = [
  {
    path: '/',
    label: 'Overview',
    description: 'What runs, and what needs attention',
    icon: IconLayoutDashboard,
    scopes: ['clients:read'],
  },
  {
    path: '/applications',
    label: 'API applications',
    description: 'Register, configure, rotate, delete',
    icon: IconApps,
    scopes: ['clients:read'],
  },
  {
    path: '/tokens',
    label: 'Tokens',
    description: 'Every access token of every application',
    icon: IconKey,
    scopes: ['tokens:read'],
  },
  {
    path: '/audit',
    label: 'Audit log',
    description: 'Who did what, and every refused call',
    icon: IconListSearch,
    scopes: ['audit:read'],
  },
  {
    path: '/pam',
    label: 'PAM data',
    description: 'Users, devices, accounts, sessions …',
    icon: IconDatabase,
    scopes: PAM_NAMES.map((name) => `${name}:read`),
  },
  {
    path: '/scopes',
    label: 'Scopes',
    description: 'The catalogue of what applications can be given',
    icon: IconShieldCheck,
    scopes: ['scopes:read'],
  },
  {
    path: '/operators',
    label: 'Operators',
    description: 'The people, and what they may do',
    icon: IconUsers,
    scopes: ['operators:read'],
  },
  {
    path: '/customers',
    label: 'Customers',
    description: 'The tenants, whose everything is',
    icon: IconBuilding,
    scopes: ['customers:read'],
  },
];
