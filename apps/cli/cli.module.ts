import { Module } from '@nestjs/common';
import { AuditCommand } from './audit/audit.command.js';
import { ClientsCommand } from './clients/clients.command.js';
import { DoctorCommand } from './doctor/doctor.command.js';
import { ExportCommand } from './inventory/export.command.js';
import { ImportCommand } from './inventory/import.command.js';
import { KeysCommand } from './keys/keys.command.js';
import { MigrateCommand } from './migrate/migrate.command.js';
import { MoveCommand } from './move/move.command.js';
import { OperatorsCommand } from './operators/operators.command.js';
import { Deployment } from './program/deployment.js';
import { Output } from './program/output.js';
import { Program } from './program/program.js';
import { ServeCommand } from './serve/serve.command.js';
import { TokensCommand } from './tokens/tokens.command.js';
import { VaultCommand } from './vault/vault.command.js';

/** Every command of `postern`. A group brings its own with `registerWithSubCommands()`. */
@Module({
  providers: [
    Program,
    Output,
    Deployment,
    ServeCommand,
    DoctorCommand,
    ImportCommand,
    ExportCommand,
    ...MigrateCommand.registerWithSubCommands(),
    MoveCommand,
    ...ClientsCommand.registerWithSubCommands(),
    ...TokensCommand.registerWithSubCommands(),
    ...OperatorsCommand.registerWithSubCommands(),
    ...KeysCommand.registerWithSubCommands(),
    ...VaultCommand.registerWithSubCommands(),
    ...AuditCommand.registerWithSubCommands(),
  ],
})
export class CliModule {}
