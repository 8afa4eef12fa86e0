/**
 * Whether a file is one that holds secrets by its name: passwords, keys, certificates, tokens. Such a file is never
 * completed and never shown to the model as context. By name only, whatever the letters' case: nothing is read.
 */

/** @param path with slashes of either kind, or an address: as much of it as is known, the last folder and the name at least */
export function isSecret(path: string): boolean {
  const whole = path.toLowerCase().replaceAll('\\', '/');
  const name = whole.slice(whole.lastIndexOf('/') + 1);
  return secretPaths.some(pattern => pattern.test(whole)) || secretNames.some(pattern => pattern.test(name));
}

/** Where programs keep what they log in with. */
const secretPaths: readonly RegExp[] = [
  /(^|\/)\.(ssh|aws|gnupg)\//,
  // Projects keep pipelines and templates in folders below.
  /(^|\/)\.(azure|kube)\/[^/]*$/,
  // Images are built from what else is there.
  /(^|\/)\.docker\/config\.json$/,
  // A remote's address may hold a token.
  /(^|\/)\.git\/(.+\/)?config(\.worktree)?$/,
];

const secretNames: readonly RegExp[] = [
  // Environments; `.env.example` too, which is filled in sooner or later. A declaration has types only.
  /^\.env(?!(\..*)?\.d\.[cm]?ts$)/,
  /\.env$/,
  // Keys, certificates and their stores.
  /\.(pem|key|ppk|gpg|p8|p12|pfx|pkcs12|p7b|crt|cer|der|csr|jks|keystore|truststore|kdbx?|ovpn)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)/,
  // What programs log in with.
  /^[._](netrc|htpasswd|pgpass|npmrc|yarnrc|pypirc|dockercfg|dockerconfigjson|s3cfg|boto|git-credentials|vault-token)$/,
  /^\.my(login)?\.cnf$/,
  /^(kubeconfig|.*\.kubeconfig)$/,
  /^(.*[._-])?(credentials?|service[._-]?account[^.]*)(\.(json|ya?ml|toml|ini|xml|csv|txt|properties|enc))?$/,
  /^client[._-]?secrets?.*\.json$/,
  /firebase[._-]adminsdk.*\.json$/,
  // Data only: a program's `secret.go` is about secrets. MicroPython and Arduino have none but these for their values.
  /^(.*[._-])?secrets?(\..*)?\.(json|ya?ml|toml|ini|xml|csv|txt|properties|enc)$/,
  /^(arduino_)?secrets?\.(py|h)$/,
  /^\.?secrets?$/,
  /^\.secrets?\./,
  /\.secrets?$/,
  /\.(tfvars|tfstate)(\.json|\.backup)?$/,
];
