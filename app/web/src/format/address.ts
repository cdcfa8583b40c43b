/** An address by its ends: `AbCd…WxYz`. */
export function shortAddress(address: string, ends = 4): string {
  return address.length <= ends * 2 + 1
    ? address
    : `${address.slice(0, ends)}…${address.slice(-ends)}`;
}
