import { SubCommand } from 'nest-commander';
import { TotpSealing } from '#operators';
import { MasterKeys, Vault, VaultUpkeep } from '#sealing';
import { SigningKeySealing } from '#tokens';
import { PosternCommand } from '../program/command.js';
import { CommandFailure } from '../program/failure.js';

@SubCommand({
  name: 'rotate',
  description:
    'Seal the signing keys, the keys of people’s authenticator apps, and what the vault keeps, anew under the first key of POSTERN_MASTER_KEY. Cut off, it goes on where it was.',
})
export class RotateVaultCommand extends PosternCommand {
  protected readonly examples = [
    [
      'POSTERN_MASTER_KEY=new,old postern vault rotate',
      'Afterwards the old key can go; every server needs both until then',
    ],
  ] as const;

  async run(): Promise<void> {
    const result = await this.deployment.use(async (app) => {
      if (!app.get(MasterKeys).available)
        throw new CommandFailure('There is no master key to seal under: POSTERN_MASTER_KEY is not set.');
      const signingKeys = await app.get(SigningKeySealing).run();
      const totps = await app.get(TotpSealing).run();
      // A start with the vault off erases what it kept; that is not for a rotation to do.
      if (!app.get(Vault).on) return { signing_keys: signingKeys, totps, vault: null };
      using progress = this.output.progress('sealed anew:');
      let kept = 0;
      await app.get(VaultUpkeep).run((done) => {
        kept += done;
        progress.add(done);
      });
      return { signing_keys: signingKeys, totps, vault: kept };
    });
    const vault = result.vault === null ? 'the vault is off' : `${result.vault} seals of the vault`;
    this.output.result(
      result,
      `Sealed anew: ${result.signing_keys} signing keys; ${result.totps} keys of authenticator apps; ${vault}.`,
    );
  }
}
