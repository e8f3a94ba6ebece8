import { CreateClients1795200000001 } from './1795200000001-create-clients.js';
import { CreateAccessTokens1795200000002 } from './1795200000002-create-access-tokens.js';
import { CreateAuditEvents1795200000003 } from './1795200000003-create-audit-events.js';
import { CreateInventory1795200000004 } from './1795200000004-create-inventory.js';
import { CreateMoreInventory1795200000005 } from './1795200000005-create-more-inventory.js';
import { IndexInventory1795200000006 } from './1795200000006-index-inventory.js';
import { CreateOperators1795200000007 } from './1795200000007-create-operators.js';
import { CreateAuthorizations1795200000008 } from './1795200000008-create-authorizations.js';
import { CreateSigningKeys1795200000009 } from './1795200000009-create-signing-keys.js';
import { AddVault1795200000010 } from './1795200000010-add-vault.js';
import { NotifyChanges1795200000011 } from './1795200000011-notify-changes.js';
import { LeanTokenIndexes1795200000012 } from './1795200000012-lean-token-indexes.js';
import { CreateClientUsage1795200000013 } from './1795200000013-create-client-usage.js';
import { IndexGrantsForRetention1795200000014 } from './1795200000014-index-grants-for-retention.js';
import { IndexLiveTokens1795200000015 } from './1795200000015-index-live-tokens.js';
import { ChainAuditEvents1795200000016 } from './1795200000016-chain-audit-events.js';
import { CreateAuditCheckpoints1795200000017 } from './1795200000017-create-audit-checkpoints.js';
import { CreateAuditCopies1795200000018 } from './1795200000018-create-audit-copies.js';
import { CreateRequestCounts1795200000019 } from './1795200000019-create-request-counts.js';
import { IndexAuditChain1795200000020 } from './1795200000020-index-audit-chain.js';
import { HighAssurance1795200000021 } from './1795200000021-high-assurance.js';
import { CreateSecondFactors1795200000022 } from './1795200000022-create-second-factors.js';

/** Every schema change, oldest first. A released one is never edited. */
export const migrations = [
  CreateClients1795200000001,
  CreateAccessTokens1795200000002,
  CreateAuditEvents1795200000003,
  CreateInventory1795200000004,
  CreateMoreInventory1795200000005,
  IndexInventory1795200000006,
  CreateOperators1795200000007,
  CreateAuthorizations1795200000008,
  CreateSigningKeys1795200000009,
  AddVault1795200000010,
  NotifyChanges1795200000011,
  LeanTokenIndexes1795200000012,
  CreateClientUsage1795200000013,
  IndexGrantsForRetention1795200000014,
  IndexLiveTokens1795200000015,
  ChainAuditEvents1795200000016,
  CreateAuditCheckpoints1795200000017,
  CreateAuditCopies1795200000018,
  CreateRequestCounts1795200000019,
  IndexAuditChain1795200000020,
  HighAssurance1795200000021,
  CreateSecondFactors1795200000022,
];
