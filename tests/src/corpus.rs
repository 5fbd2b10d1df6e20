//! The functions of the corpus, by theme, which several suites go through.

/// `corpus!(checks)` hands the names of all functions to the macro `checks`.
#[macro_export]
macro_rules! corpus {
    ($checks:ident) => {
        $checks! {
            functions:
                ackley levy rosenbrock_fold ln_gamma_sum erf_poly black_scholes horner kepler newton_sqrt interp
                use_beta normal_cdf_inv brent simpson adaptive_stack const_tables irr binomial_tree
                monte_paths newton_2d partition_search mixed_int_float use_gen;
            graphics:
                easing srgb bilinear perlin_like hsl_to_rgb de_casteljau spline_eval haversine;
            simulation:
                lennard_jones lj_early rk4 thomas cholesky_logdet lu_pivot biquad convolution pendulum nbody
                ode_adaptive matrix_exp flat_matmul rotation quaternion matmul_nested mat_inv fft_like rows_cols conv2d
                savgol_slices ema rms_peak trapz_nonuniform pooling scan_cum accumulate_tuple_array;
            learning:
                logsumexp softmax_entropy variance_welford huber windows_tv cosine logistic mlp gru_cell layer_norm
                attention elastic_net focal kl_div kmeans_cost viterbi forward_hmm dtw graph_paths dp_min gini sorts
                sorts_by_key sorts_by_others median_sorted;
            control:
                piecewise_match labelled break_value match_ranges bool_match short_circuit deferred
                return_from_match_loop early_ret_nested nested_break_values loops_mixed returns_in_match assign_forms
                block_in_cond while_let_chain let_chain matches_guard stack_machine call_in_cond asserts shows tan_half;
            patterns:
                partial_cmp_match if_let_opt first_last option_flow nested_opt while_some slices_split string_match
                char_loop enum_const hash_weights tuples unused_and_underscore ops_refs struct_free const_arrays_2d;
            iterators:
                max_by_value argmax flat_maps takes rev_enumerate iter_mut_ops any_all sum_nested_ranges filter_forms
                ranges_odd iter_state vec_fold map_windows zip_many sum_of_refs array_from_fn index_maps;
            containers:
                array_param_fill vec_ops mem_ops compound_ops shadow_clamp bits_and_bools calls gen_use nested_closure
                closures_capture_mut move_closure local_fns mut_params_closure generic_helpers;
        }
    };
}
