import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['**/dist', '**/generated', '**/node_modules', '**/test-results'] },
  js.configs.recommended,
  ...ts.configs.strict,
  { languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
  {
    files: ['web/src/**/*.{ts,tsx}'],
    ...a11y.flatConfigs.strict,
    plugins: { ...a11y.flatConfigs.strict.plugins, 'react-hooks': hooks },
    rules: { ...a11y.flatConfigs.strict.rules, ...hooks.configs.recommended.rules },
  },
  {
    files: ['web/public/*.js'],
    languageOptions: {
      globals: { document: 'readonly', localStorage: 'readonly', location: 'readonly' },
    },
  },
  { files: ['**/*.{ts,tsx}'], rules: { 'no-undef': 'off' } },
);
