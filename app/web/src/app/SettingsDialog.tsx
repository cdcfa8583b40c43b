import { useState } from 'react';
import { MOST_SLIPPAGE_BPS, useChain, useSettings } from '../chain/index.js';
import { isUrl } from '../chain/site.js';
import { Button, Dialog, Field } from '../ui/index.js';
import styles from './SettingsDialog.module.css';
import { ThemeChoice } from './ThemeChoice.js';

export interface SettingsDialogProps {
  isOpen: boolean;
  onClose: () => void;
}

/** What the user may set; mounted anew each time, so that it starts from what is set. */
export function SettingsDialog({ isOpen, onClose }: SettingsDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Settings">
      <SettingsForm onDone={onClose} />
    </Dialog>
  );
}

/** Percent with at most two places as basis points; `null` where it is not that, or too much. */
function readPercent(text: string): number | null {
  const match = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) return null;
  const bps = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return bps <= MOST_SLIPPAGE_BPS ? bps : null;
}

function SettingsForm({ onDone }: { onDone: () => void }) {
  const { site } = useChain();
  const [settings, change] = useSettings();
  const [rpc, setRpc] = useState(settings.rpc ?? '');
  const [ws, setWs] = useState(settings.ws ?? '');
  const [slippage, setSlippage] = useState(String(settings.slippageBps / 100));
  const bps = readPercent(slippage);
  const wrong = {
    rpc:
      rpc !== '' && !isUrl(rpc, 'http:', 'https:') ? 'Write an http or https address.' : undefined,
    ws: ws !== '' && !isUrl(ws, 'ws:', 'wss:') ? 'Write a ws or wss address.' : undefined,
    slippage: bps === null ? `Write a percentage up to ${MOST_SLIPPAGE_BPS / 100}.` : undefined,
  };
  const isWrong = Object.values(wrong).some(Boolean);
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrong || bps === null) return;
        change({ rpc: rpc || null, ws: ws || null, slippageBps: bps });
        onDone();
      }}
    >
      <ThemeChoice />
      <Field
        label="Slippage"
        value={slippage}
        onValueChange={(text) => setSlippage(text.trim())}
        inputMode="decimal"
        suffix="%"
        error={wrong.slippage}
        hint="How much less than quoted you accept, if the rate moves before your transaction lands."
      />
      <Field
        label="RPC server"
        value={rpc}
        onValueChange={(text) => setRpc(text.trim())}
        placeholder={site.rpc}
        inputMode="url"
        error={wrong.rpc}
        hint="Empty for the site’s own. It sees your address and what you read."
      />
      <Field
        label="WebSocket"
        value={ws}
        onValueChange={(text) => setWs(text.trim())}
        placeholder={site.ws}
        inputMode="url"
        error={wrong.ws}
        hint="Empty for the site’s own. Without one, the page asks every few seconds."
      />
      <Button type="submit" kind="primary" isWide disabled={isWrong}>
        Save
      </Button>
    </form>
  );
}
