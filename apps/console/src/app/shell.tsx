import {
  ActionIcon,
  AppShell,
  Avatar,
  Burger,
  Button,
  Group,
  Kbd,
  Menu,
  Modal,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  UnstyledButton,
  VisuallyHidden,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { IconBook, IconDoorExit, IconMoon, IconSearch, IconSun, IconUserCircle } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { useSession } from '../session/session';
import { StepUp } from '../session/step-up-window';
import { Brand } from '../ui/brand';
import { NAVIGATION } from './pages';
import { Search } from './search';

/** What stands around every page: navigation, search, who is signed in. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap" gap="sm">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
            />
            <UnstyledButton component={Link} to="/" aria-label="Postern, overview">
              <Brand />
            </UnstyledButton>
          </Group>
          <Group wrap="nowrap" gap="xs">
            <SearchButton />
            <ColorSchemeButton />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
      <Search />
      <StepUp />
      <SignedOutWindow />
    </AppShell>
  );
}

function Navigation() {
  const { can } = useSession();
  const { pathname } = useLocation();
  return (
    <>
      <AppShell.Section grow component={ScrollArea}>
        <Stack gap={2}>
          {NAVIGATION.filter(({ scopes }) => scopes.some(can)).map(({ path, label, icon: Icon }) => {
            const active = path === '/' ? pathname === '/' : pathname.startsWith(path);
            return (
              <NavLink
                key={path}
                component={Link}
                to={path}
                label={label}
                active={active}
                aria-current={active ? 'page' : undefined}
                leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
                style={{ borderRadius: 'var(--mantine-radius-md)' }}
              />
            );
          })}
        </Stack>
      </AppShell.Section>
      <AppShell.Section>
        <NavLink
          href="/docs"
          target="_blank"
          label="API documentation"
          leftSection={<IconBook size={18} stroke={1.6} aria-hidden />}
          style={{ borderRadius: 'var(--mantine-radius-md)' }}
        />
      </AppShell.Section>
    </>
  );
}

function SearchButton() {
  return (
    <>
      <Button
        variant="default"
        c="dimmed"
        fw={400}
        visibleFrom="xs"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={spotlight.open}
      >
        Search
      </Button>
      <ActionIcon variant="default" size="lg" hiddenFrom="xs" aria-label="Search" onClick={spotlight.open}>
        <IconSearch size={18} />
      </ActionIcon>
    </>
  );
}

function ColorSchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={dark ? 'Light colours' : 'Dark colours'}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}

function AccountMenu() {
  const { account, signOut } = useSession();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton>
          <Avatar radius="xl" size={36} color="gate" name={account.username} aria-hidden />
          <VisuallyHidden>Account: {account.username}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="bright" truncate>
            {account.username}
          </Text>
          {account.role} · customer {account.customer_id}
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} />}>
          My account
        </Menu.Item>
        <Menu.Item leftSection={<IconDoorExit size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The page stays as it was left, with what is in its forms, until the person signs in again. */
function SignedOutWindow() {
  const { isOver, signInAgain } = useSession();
  return (
    <Modal opened={isOver} onClose={() => undefined} withCloseButton={false} title="Your sign-in is over">
      <Text size="sm" mb="md">
        It has expired, or was ended elsewhere. Sign in again, and you are back on this page.
      </Text>
      <Button onClick={signInAgain} data-autofocus>
        Sign in again
      </Button>
    </Modal>
  );
}
