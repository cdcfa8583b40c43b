// Writes src/generated from the committed IDL. CI runs it and fails on a difference.
import { readFileSync, rmSync } from 'node:fs';
import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import { renderVisitor } from '@codama/renderers-js';
import { createFromRoot } from 'codama';

const here = new URL('.', import.meta.url);
const idl = JSON.parse(readFileSync(new URL('../../idls/thaw.json', here), 'utf8'));
const codama = createFromRoot(rootNodeFromAnchor(idl));
rmSync(new URL('src/generated', here), { recursive: true, force: true });
codama.accept(
  renderVisitor(new URL('.', here).pathname, {
    generatedFolder: 'src/generated',
    deleteFolderBeforeRendering: true,
    formatCode: true,
    kitImportStrategy: 'rootOnly',
    syncPackageJson: false,
  }),
);
