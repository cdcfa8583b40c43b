import { Icon, type IconProps } from './Icon.js';

export function StackIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m12 4 8.5 4.5L12 13 3.5 8.5 12 4Z" />
      <path d="m4 13 8 4.2 8-4.2" />
    </Icon>
  );
}
