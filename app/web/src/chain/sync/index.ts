export { syncOrder } from './order.js';
export { SyncButton } from './SyncButton.js';
