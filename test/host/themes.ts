/** The variables that VS Code gives a page in its own themes, as far as our pages use them (VS Code 1.100.3). */

export type ThemeName = keyof typeof themes;

export const themes = {
  'Light Modern': {
    foreground: '#3b3b3b',
    'editor-background': '#ffffff',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    'button-border': '#0000001a',
    'charts-blue': '#1a85ff',
    focusBorder: '#005fb8',
    'widget-border': '#e5e5e5',
  },
  'Dark Modern': {
    foreground: '#cccccc',
    'editor-background': '#1f1f1f',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    'button-border': '#ffffff12',
    'charts-blue': '#3794ff',
    focusBorder: '#0078d4',
    'widget-border': '#313131',
  },
  'High Contrast': {
    foreground: '#ffffff',
    'editor-background': '#000000',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'charts-blue': '#3794ff',
    contrastBorder: '#6fc3df',
    focusBorder: '#f38518',
  },
  'High Contrast Light': {
    foreground: '#292929',
    'editor-background': '#ffffff',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0f4a85',
    'charts-blue': '#1a85ff',
    contrastBorder: '#0f4a85',
    focusBorder: '#006bbd',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A style sheet that gives a page the variables of a theme. */
export function themeStyle(name: ThemeName): string {
  const variables = Object.entries(themes[name]).map(([key, value]) => `--vscode-${key}: ${value};`);
  return `:root { ${variables.join(' ')} }`;
}
