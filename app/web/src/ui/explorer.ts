import { createContext, useContext } from 'react';

/** What an explorer shows. */
export type ExplorerSubject = 'address' | 'tx';

/** Makes the link to an explorer's page. */
export type ExplorerLink = (subject: ExplorerSubject, id: string) => string;

export const ExplorerContext = createContext<ExplorerLink>(
  (subject, id) => `https://explorer.solana.com/${subject}/${id}`,
);

/** Makes links to the explorer of the cluster in use. */
export const useExplorer = (): ExplorerLink => useContext(ExplorerContext);
