{{/* Folder of a plugin in the pod. */}}
{{- define "ark.pluginFolder" -}}
{{- if .npm -}}
/plugins/{{ .name }}/node_modules/{{ regexReplaceAll "(.)@[^/]*$" .npm "${1}" }}
{{- else -}}
/plugins/{{ .name }}
{{- end -}}
{{- end -}}

{{- define "ark.pluginPath" -}}
{{- $folders := list -}}
{{- range .Values.plugins -}}{{- $folders = append $folders (include "ark.pluginFolder" .) -}}{{- end -}}
{{- join ":" $folders -}}
{{- end -}}

{{- define "ark.pluginVolumes" -}}
{{- $volumes := list -}}
{{- range .Values.plugins -}}
{{- $source := .volume | default (dict "emptyDir" dict) -}}
{{- $volumes = append $volumes (merge (dict "name" (printf "plugin-%s" .name)) $source) -}}
{{- end -}}
{{- if $volumes -}}{{ toYaml $volumes }}{{- end -}}
{{- end -}}

{{- define "ark.pluginMounts" -}}
{{- range .Values.plugins }}
- name: plugin-{{ .name }}
  mountPath: /plugins/{{ .name }}
  readOnly: true
{{- end }}
{{- end -}}

{{/* One step for each plugin that is not there yet when the pod starts. */}}
{{- define "ark.pluginSteps" -}}
{{- range .Values.plugins }}
{{- if not .volume }}
- name: plugin-{{ .name }}
  {{- if .image }}
  image: {{ .image }}
  command: [cp, -R, {{ printf "%s/." (.path | default "/plugin" | trimSuffix "/") | quote }}, /plugins/{{ .name }}]
  {{- else }}
  image: {{ include "ark.image" $ }}
  command: [npm, install, --prefix, /plugins/{{ .name }}, --omit=dev, --omit=peer, --ignore-scripts, --no-audit, --no-fund, {{ .npm | quote }}]
  env:
    - { name: npm_config_cache, value: /tmp/npm }
    - { name: npm_config_update_notifier, value: "false" }
    {{- with $.Values.env }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  securityContext: {{- toYaml $.Values.containerSecurityContext | nindent 4 }}
  resources: {{- toYaml $.Values.resources | nindent 4 }}
  volumeMounts:
    - { name: plugin-{{ .name }}, mountPath: /plugins/{{ .name }} }
    - { name: tmp, mountPath: /tmp }
    {{- if .npm }}
    {{- with $.Values.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}
