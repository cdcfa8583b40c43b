import { Icon, type IconProps } from './Icon.js';

export function DownIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m6 10 6 6 6-6" />
    </Icon>
  );
}
