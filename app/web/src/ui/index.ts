export { Amount, type AmountProps } from './Amount.js';
export { AmountField, typedAmount, type AmountFieldProps } from './AmountField.js';
export { Badge, type BadgeProps } from './Badge.js';
export { Button, type ButtonKind, type ButtonProps, type ButtonSize } from './Button.js';
export { Card, type CardProps } from './Card.js';
export { CopyButton, type CopyButtonProps } from './CopyButton.js';
export { CopyableAddress, type CopyableAddressProps } from './CopyableAddress.js';
export { DefinitionList, type Definition, type DefinitionListProps } from './DefinitionList.js';
export { Dialog, type DialogProps } from './Dialog.js';
export { Empty, type EmptyProps } from './Empty.js';
export { ExternalLink, type ExternalLinkProps } from './ExternalLink.js';
export { Field, type FieldProps } from './Field.js';
export { LinkButton, type LinkButtonProps } from './LinkButton.js';
export { Notice, type NoticeKind, type NoticeProps } from './Notice.js';
export { Page, type PageProps } from './Page.js';
export { Progress, type ProgressProps } from './Progress.js';
export { Skeleton, type SkeletonProps } from './Skeleton.js';
export { Stat, type StatProps } from './Stat.js';
export { StatRow } from './StatRow.js';
export { Table, type Column, type TableProps } from './Table.js';
export { Tabs, type Tab, type TabsProps } from './Tabs.js';
export { Tooltip, type TooltipProps } from './Tooltip.js';
export { classes } from './classes.js';
export {
  ExplorerContext,
  useExplorer,
  type ExplorerLink,
  type ExplorerSubject,
} from './explorer.js';
export type { Sort, SortValue } from './sort.js';
export * from './icons/index.js';
