/**
 * Whether a file is one that holds secrets by its name: passwords, keys, certificates, tokens. Such a file is never
 * completed and never shown to the model as context. By name only, whatever the letters' case: nothing is read.
 */

/** @param path with `/`; the last folder and the name are enough */
export function isSecret(path: string): boolean {
  const [name = '', folder = ''] = path.toLowerCase().split('/').reverse();
  return secretFolders.has(folder) || secretNames.some(pattern => pattern.test(name));
}

/** Folders that a program keeps its credentials in. */
const secretFolders: ReadonlySet<string> = new Set(['.ssh', '.aws', '.azure', '.gnupg', '.kube', '.docker']);

const secretNames: readonly RegExp[] = [
  // Environments; `.env.example` too, which is filled in sooner or later.
  /^\.env/,
  /\.env$/,
  // Keys, certificates and their stores.
  /\.(pem|key|ppk|gpg|p8|p12|pfx|pkcs12|p7b|crt|cer|der|csr|jks|keystore|truststore|kdbx?|ovpn)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)/,
  // What programs log in with.
  /^[._](netrc|htpasswd|pgpass|npmrc|yarnrc|pypirc|dockercfg|dockerconfigjson|s3cfg|boto|git-credentials|vault-token)$/,
  /^(kubeconfig|.*\.kubeconfig)$/,
  /^(.*[._-])?(credentials?|service[._-]?account[^.]*)(\.(json|ya?ml|toml|ini|xml|csv|txt|properties|enc))?$/,
  /^\.?secrets?\./,
  /\.secrets?$/,
  /\.(tfvars|tfstate)(\.json|\.backup)?$/,
];
