{{/* Where others reach a part. For those that have nothing to offer there it is the REST API: it takes word of their tasks. */}}
{{- define "ark.ownUrl" -}}
{{- $part := has .deployment.part (list "controller" "gateway") | ternary "api" .deployment.part -}}
{{- $service := include "ark.serviceOf" (dict "root" .root "part" $part) -}}
{{- printf "http://%s.%s.svc:%d" $service .root.Release.Namespace (int .root.Values.service.port) -}}
{{- end -}}

{{/* Environment of the runtime. Call with (dict "root" $ "deployment" one of ark.deployments). */}}
{{- define "ark.env" -}}
{{- $ := .root -}}
- name: ARK_HOST
  value: 0.0.0.0
- name: ARK_PORT
  value: {{ $.Values.containerPort | quote }}
{{- with $.Values.metrics.port }}
- name: ARK_METRICS_PORT
  value: {{ int . | quote }}
{{- end }}
- name: ARK_KUBERNETES
  value: in-cluster
- name: ARK_NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
- name: POD_IP
  valueFrom: { fieldRef: { fieldPath: status.podIP } }
# No tool, model or service may be at one of these.
- name: POD_IPS
  valueFrom: { fieldRef: { fieldPath: status.podIPs } }
- name: ARK_DATA_DIR
  value: /data
- name: ARK_AUTH_MODE
  value: {{ $.Values.auth.mode }}
{{- with $.Values.auth.adminTokenSecret }}
{{- if .name }}
- name: ARK_ADMIN_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ .name }}, key: {{ .key }} }
{{- end }}
{{- end }}
{{- with $.Values.auth.auditLog }}
- name: ARK_AUDIT_LOG
  value: {{ . | quote }}
{{- end }}
{{- if not (kindIs "invalid" $.Values.auth.rateLimit) }}
- name: ARK_RATE_LIMIT
  value: {{ int $.Values.auth.rateLimit | quote }}
{{- end }}
{{- with $.Values.auth.trustedProxies }}
- name: ARK_TRUSTED_PROXIES
  value: {{ join "," . | quote }}
{{- end }}
{{- with $.Values.auth.corsOrigins }}
- name: ARK_CORS_ORIGINS
  value: {{ join "," . | quote }}
{{- end }}
{{- with $.Values.auth.impersonation }}
{{- if .enabled }}
- name: ARK_IMPERSONATION
  value: "on"
- name: ARK_IMPERSONATION_USERNAME_CLAIM
  value: {{ .usernameClaim | quote }}
- name: ARK_IMPERSONATION_GROUPS_CLAIM
  value: {{ .groupsClaim | quote }}
- name: ARK_IMPERSONATION_PREFIX
  value: {{ .prefix | quote }}
{{- end }}
{{- end }}
{{- if $.Values.queryServiceAccounts.enabled }}
- name: ARK_QUERY_AUTHOR_POLICY
  value: {{ include "ark.queryAuthorPolicy" $ }}
{{- end }}
{{- if ne $.Values.gateway.persist "always" }}
- name: ARK_GATEWAY_PERSIST
  value: {{ $.Values.gateway.persist }}
{{- end }}
{{- with $.Values.gateway.provider }}
{{- if .organization }}
- name: ARK_A2A_PROVIDER_NAME
  value: {{ .organization | quote }}
- name: ARK_A2A_PROVIDER_URL
  value: {{ .url | quote }}
{{- end }}
{{- end }}
{{- if $.Values.gateway.publicCards }}
- name: ARK_GATEWAY_PUBLIC_CARDS
  value: "on"
{{- end }}
- name: ARK_SHUTDOWN_TIMEOUT
  # What preStop and the stop itself take comes off.
  value: {{ sub (int $.Values.terminationGracePeriodSeconds) 13 | printf "%ds" }}
- name: ARK_PUBLIC_URL
  value: {{ $.Values.publicUrl | default (include "ark.ownUrl" .) | quote }}
{{- if ne .deployment.part "all" }}
- name: ARK_ROLES
  value: {{ .deployment.part }}
{{- end }}
{{- if $.Values.namespaced }}
- name: ARK_WATCH_NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
{{- end }}
{{- if include "ark.postgres" $ }}
- name: ARK_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.database.existingSecret.name | default (printf "%s-database" (include "ark.fullname" $)) }}
      key: {{ $.Values.database.existingSecret.key }}
{{- end }}
{{- with $.Values.database.keysSecret }}
{{- if .name }}
- name: ARK_DATABASE_KEYS
  valueFrom:
    secretKeyRef: { name: {{ .name }}, key: {{ .key }} }
{{- end }}
{{- end }}
{{- with include "ark.pluginPath" $ }}
- name: ARK_PLUGIN_PATH
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := $.Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- with $.Values.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "ark.envFrom" -}}
{{- with .Values.envFrom }}
{{- toYaml . }}
{{- end }}
{{- with .Values.otelEnvironment }}
- configMapRef: { name: {{ . }}, optional: true }
- secretRef: { name: {{ . }}, optional: true }
{{- end }}
{{- end -}}

{{/* Which nodes a pod may run on, and how its images get there. */}}
{{- define "ark.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "ark.probes" -}}
# Two minutes for a slow image or a cluster with many agents; the process itself needs two seconds.
startupProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}

{{- define "ark.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 1Gi }
- name: data
  {{- if and .Values.persistence.enabled (not (include "ark.postgres" .)) }}
  persistentVolumeClaim:
    claimName: {{ .Values.persistence.existingClaim | default (printf "%s-data" (include "ark.fullname" .)) }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- with include "ark.pluginVolumes" . }}
{{ . }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
