export { useWallet, type WalletState } from './context.js';
export { isRejection, RejectedError, type WalletSigner } from './signing.js';
export { SubmitButton, type SubmitButtonProps } from './SubmitButton.js';
export { WalletProvider } from './WalletProvider.js';
