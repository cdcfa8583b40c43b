import { Icon, type IconProps } from './Icon.js';

export function SortIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m8 10 4-4 4 4M8 14l4 4 4-4" />
    </Icon>
  );
}
